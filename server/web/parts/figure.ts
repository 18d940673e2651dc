// What a plot says and draws, apart from where it stands: the border between figures (pure) and the plot's card.
import type { Data, Layout } from "plotly.js";

export interface Figure {
  /** What the plot shows, as a sentence. */
  readonly title: string;
  /** The same for those who do not see it, with its figures. */
  readonly summary: string;
  readonly data: readonly Data[];
  readonly layout: Partial<Layout>;
  readonly csv: () => string;
  readonly fileName: string;
  /** Under the plot: that it is downsampled, and how. */
  readonly note?: string | undefined;
}
