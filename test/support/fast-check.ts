// Property tests with the same values each time; CELLWRIGHT_SEED looks elsewhere.
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env["CELLWRIGHT_SEED"] ?? 20260117) });

export default fc;
