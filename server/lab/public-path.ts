// Where the scripts that are loaded later lie: told to the bundler's runtime before any of them is asked for.
import { pageOption } from "./page-option.ts";

declare global {
  var __webpack_public_path__: string;
}

__webpack_public_path__ = `${pageOption("fullStaticUrl")}/`;
