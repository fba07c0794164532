/** The part of unicode-confusables in use; the package has no types. */
declare const confusables: {
  /** The skeleton of Unicode Technical Standard 39: similar characters become the same letters. */
  rectifyConfusion(text: string): string;
};
export default confusables;
