// A change to CodeMirror as it is built in: an editor notes where its own scroller stands when that one scrolls, not when anything
// around it does. A notebook's scrolling made each of its editors ask, and the browser lay out each cell that is out of sight.
const all = "observers.scroll = view => {\n";
const own =
  "observers.scroll = (view, event) => {\n" +
  "    if (event.target instanceof Node && event.target !== view.scrollDOM)\n        return;\n";

/** A loader of rspack, for @codemirror/view's module. */
export default function noteOwnScrollOnly(source) {
  if (source.includes(all)) return source.replace(all, own);
  throw new Error(`Cannot build Lab: found no ${JSON.stringify(all)} in @codemirror/view, expected the one to narrow`);
}
