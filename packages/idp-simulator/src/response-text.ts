const answerBytesMax = 32 * 1024 * 1024;

/** Reads a body as UTF-8 text. Errors: throws if it is longer than 32 MB; the rest is then left unread. */
export async function readBounded(response: Response): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = "";
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > answerBytesMax) throw new Error("the answer is longer than 32 MB");
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
