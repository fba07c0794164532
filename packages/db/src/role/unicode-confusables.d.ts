/** The part of unicode-confusables that is used; the package has no types. */
declare const confusables: {
  /** The skeleton of Unicode Technical Standard 39: look-alikes become the same letters. */
  rectifyConfusion(text: string): string;
};
export default confusables;
