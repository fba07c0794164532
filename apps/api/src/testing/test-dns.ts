import { createSocket, type RemoteInfo } from "node:dgram";
import { once } from "node:events";
import { decode, encode, type Answer, type Packet } from "dns-packet";

/** The server's response for a name: TXT records (each of one or several strings), or an error code. */
type TestAnswer = readonly (readonly string[])[] | "NXDOMAIN" | "SERVFAIL" | "silence";

export type TestDns = {
  /** In the format of `DNS_SERVERS`. */
  readonly address: string;
  /** Names without an entry do not exist. */
  readonly answers: Map<string, TestAnswer>;
  /** Runs before the next answer only. */
  beforeAnswer: (() => Promise<unknown>) | undefined;
  close(): Promise<void>;
};

const codes = { NXDOMAIN: 3, SERVFAIL: 2 } as const;

/** A real DNS server on loopback, over UDP. */
export async function startTestDns(): Promise<TestDns> {
  const answers = new Map<string, TestAnswer>();
  const socket = createSocket("udp4");
  const answer = async (message: Buffer, from: RemoteInfo): Promise<void> => {
    const { beforeAnswer } = dns;
    dns.beforeAnswer = undefined;
    await beforeAnswer?.();
    const response = responseTo(decode(message), answers);
    if (response !== undefined) socket.send(encode(response), from.port, from.address);
  };
  socket.on("message", (message, from) => void answer(message, from));
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const dns: TestDns = {
    address: `127.0.0.1:${socket.address().port}`,
    answers,
    beforeAnswer: undefined,
    close: () => new Promise((closed) => socket.close(() => closed())),
  };
  return dns;
}

function responseTo(query: Packet, answers: ReadonlyMap<string, TestAnswer>): Packet | undefined {
  const [question] = query.questions ?? [];
  if (question === undefined) return undefined;
  const answer = answers.get(question.name.toLowerCase()) ?? "NXDOMAIN";
  if (answer === "silence") return undefined;
  const head: Packet = { type: "response", id: query.id ?? 0, questions: [question] };
  if (typeof answer === "string") return { ...head, flags: codes[answer] };
  const records = answer.map((data): Answer => ({ type: "TXT", name: question.name, ttl: 1, data: [...data] }));
  return { ...head, flags: 0, answers: records };
}
