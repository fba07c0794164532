/** How new requests arrive: by the stream, by polling, or not at all while the page is hidden. */
export type LiveState = "live" | "asking" | "paused";

type LiveHandlers = { readonly onState: (state: LiveState) => void; readonly onRequests: () => void };

const firstWaitMs = 2000;
const longestWaitMs = 60_000;

/**
 * Listens to the server's stream while the page is looked at. A lost or refused stream is tried again, each time after twice
 * as long, at most a minute; meanwhile the state is `asking`. Returns how to stop.
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
      // What came while nobody listened.
      onRequests();
    });
    stream.addEventListener("calls", onRequests);
    // The session is over, or looks at another organization: asking once more shows which.
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
