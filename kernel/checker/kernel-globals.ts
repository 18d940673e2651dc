// What the kernel itself gives to cells, declared for the checker.

export const kernelGlobals = `
/**
 * Asks and waits for the answer.
 * @param otherwise what is returned when nothing was typed
 * @param options hidden: what is typed stays hidden, as passwords do
 */
declare function prompt(message?: string, otherwise?: string, options?: { readonly hidden?: boolean }): string;
/** Asks, true for yes. */
declare function confirm(message?: string): boolean;

declare module "tslab" {
  interface Show {
    javascript(data: string): void;
    html(data: string): void;
    markdown(data: string): void;
    latex(data: string): void;
    svg(data: string): void;
    png(data: Uint8Array): void;
    jpeg(data: Uint8Array): void;
    gif(data: Uint8Array): void;
    pdf(data: Uint8Array): void;
    text(data: string): void;
    raw(contentType: string, data: string | Uint8Array): void;
  }
  /** Shows data under the cell. */
  export const display: Show;
  /** A place under the cell: what is shown there later replaces what was there. */
  export function newDisplay(): Show;
  export const versions: { readonly tslab: string; readonly node: string };
}
`;
