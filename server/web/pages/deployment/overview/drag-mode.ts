/** What dragging in a plot does: fingers scroll the page; a mouse chooses a stretch. */
export function dragMode(): "zoom" | false {
  return window.matchMedia("(pointer: coarse)").matches ? false : "zoom";
}
