// Answers kept while what they were read from stays the same: whoever looks at a page again, or beside another, waits for nothing.

/** Reads when the answer is not kept, was read of another version, or failed. */
export type KeptAnswers<T> = (key: string, version: string | number, read: () => Promise<T>) => Promise<T>;

/** @param most answers that are kept; the oldest goes first */
export function createKeptAnswers<T>({ most }: { most: number }): KeptAnswers<T> {
  const kept = new Map<string, { readonly version: string | number; readonly answer: Promise<T> }>();
  return (key, version, read) => {
    const known = kept.get(key);
    if (known?.version === version) return known.answer;
    const answer = read();
    kept.delete(key);
    kept.set(key, { version, answer });
    if (kept.size > most) kept.delete(kept.keys().next().value!);
    answer.catch(() => kept.get(key)?.answer === answer && kept.delete(key));
    return answer;
  };
}
