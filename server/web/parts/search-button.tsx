// Opens the search over everything, by click or ⌘K; its code comes with the first use.
import { useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import styles from "./frame.module.css";

const Palette = lazy(() => import("./palette.tsx"));
const apple = /Mac|iPhone|iPad/.test(navigator.platform);

export function SearchButton() {
  // A count, so that each use opens it anew.
  const [uses, setUses] = useState(0);
  const open = () => setUses((before) => before + 1);
  useHotkeys([["mod+K", open]], []);
  return (
    <>
      <button type="button" className={styles.search} onClick={open} aria-label="Search" aria-keyshortcuts="Control+K">
        <IconSearch size={16} stroke={1.7} aria-hidden />
        <span>Search</span>
        <kbd>{apple ? "⌘K" : "Ctrl K"}</kbd>
      </button>
      {uses > 0 && (
        <Suspense>
          <Palette uses={uses} />
        </Suspense>
      )}
    </>
  );
}
