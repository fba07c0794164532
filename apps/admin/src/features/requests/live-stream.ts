/** How new requests arrive: by the stream, by polling, or not while the page is hidden. */
export type LiveState = "live" | "asking" | "paused";

type LiveHandlers = { readonly onState: (state: LiveState) => void; readonly onRequests: () => void };

const firstWaitMs = 2000;
const longestWaitMs = 60_000;

/**
 * Listens to the server's stream while the page is visible. A lost or refused stream is retried, each time after twice
 * the delay, at most a minute; meanwhile the state is `asking`. Returns a function that stops it.
 */
export function openLiveStream({ onState, onRequests }: LiveHandlers): () => void {
  let stream: EventSource | undefined;
  let timer: number | undefined;
  let waitMs = firstWaitMs;

  const close = (): void => {
    window.clearTimeout(timer);
    stream?.close();
    stream = undefined;
  };
  const lose = (): void => {
    close();
    onState("asking");
    timer = window.setTimeout(open, waitMs);
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  };
  const open = (): void => {
    close();
    stream = new EventSource("/live/requests");
    stream.addEventListener("ready", () => {
      waitMs = firstWaitMs;
      onState("live");
      // Requests that arrived while the stream was closed.
      onRequests();
    });
    stream.addEventListener("requests", onRequests);
    // The session has ended or switched organizations, which the next query finds out.
    stream.addEventListener("end", () => {
      onRequests();
      lose();
    });
    stream.addEventListener("error", lose);
  };
  const look = (): void => {
    if (document.visibilityState === "visible") open();
    else {
      close();
      onState("paused");
    }
  };
  look();
  document.addEventListener("visibilitychange", look);
  return () => {
    document.removeEventListener("visibilitychange", look);
    close();
  };
}
