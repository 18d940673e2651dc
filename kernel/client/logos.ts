// The kernels' marks, shown where a user picks one.
import type { KernelName } from "./kernelspecs.ts";

// Two cells, one drawn and one filled, and what joins them.
const cellwright = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label="Cellwright">
 <rect x="6" y="6" width="52" height="22" rx="5" fill="none" stroke="#0c8599" stroke-width="5"/>
 <rect x="6" y="36" width="52" height="22" rx="5" fill="#0c8599"/>
 <path d="M18 17h20M18 47h28" stroke-width="5" stroke-linecap="round" stroke="#0c8599"/>
 <path d="M18 47h28" stroke-width="5" stroke-linecap="round" stroke="#fff"/>
</svg>
`;

export const kernelLogos: Readonly<Record<KernelName, string>> = {
  cellwright,
  "cellwright-run": cellwright,
  // Two angle brackets and a prompt.
  tslab: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label="tslab">
 <rect x="6" y="6" width="52" height="52" rx="8" fill="#5c6773"/>
 <path d="M24 22 14 32l10 10M40 22l10 10-10 10" fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/>
</svg>
`,
};
