// `prompt` and `confirm` in a cell: the question goes to whoever runs it, and the cell's thread waits for the answer. The answer comes
// by the helper thread through memory that both share, for a thread that waits hears nothing else.

/** Longest answer, in bytes of UTF-8. */
const answerBytes = 1 << 20;
const states = { waiting: 0, answered: 1, refused: 2 } as const;

/** Shared by the cells' thread and the helper: state, length and number of the question, then the answer's bytes. */
export type AnswerBox = SharedArrayBuffer;

export function newAnswerBox(): AnswerBox {
  return new SharedArrayBuffer(12 + answerBytes);
}

export interface Question {
  /** Counts up, so that an answer to a question that was given up is not taken for the next one's. */
  readonly number: number;
  readonly prompt: string;
  /** What is typed stays hidden. */
  readonly password: boolean;
}

/** For the helper: null where nobody can be asked. */
export function putAnswer(box: AnswerBox, number: number, text: string | null): void {
  const head = new Int32Array(box, 0, 3);
  if (Atomics.load(head, 2) !== number || Atomics.load(head, 0) !== states.waiting) return;
  const { written } = new TextEncoder().encodeInto(text ?? "", new Uint8Array(box, 12));
  Atomics.store(head, 1, written);
  Atomics.store(head, 0, text === null ? states.refused : states.answered);
  Atomics.notify(head, 0);
}

export interface Asking {
  /**
   * Asks and waits.
   *
   * @param hidden for passwords. Default false
   * @returns what was typed; the default where that is nothing
   * @throws Error nobody can be asked: the notebook runs headless
   */
  prompt(message?: string, otherwise?: string, options?: { readonly hidden?: boolean }): string;
  /** True for y, yes, and nothing else. */
  confirm(message?: string): boolean;
}

export function createAsking(box: AnswerBox, tell: (question: Question) => void): Asking {
  const head = new Int32Array(box, 0, 3);

  function ask(prompt: string, password: boolean): string {
    const number = Atomics.add(head, 2, 1) + 1;
    Atomics.store(head, 0, states.waiting);
    tell({ number, prompt, password });
    Atomics.wait(head, 0, states.waiting);
    if (Atomics.load(head, 0) === states.refused) {
      throw new Error(
        `Cannot ask ${JSON.stringify(prompt)}: found nobody who answers, expected a client with an input line`,
      );
    }
    return new TextDecoder().decode(new Uint8Array(box, 12, Atomics.load(head, 1)).slice());
  }

  return {
    prompt: (message = "", otherwise = "", { hidden = false } = {}) => ask(String(message), hidden) || otherwise,
    confirm: (message = "") => /^\s*y(es)?\s*$/i.test(ask(`${message} [y/N] `, false)),
  };
}
