import { lazy, Suspense } from "react";
import { useCell } from "../cell";
import { searchOpen, settingsOpen, shortcutsOpen } from "../overlays";
import { leaving } from "../prose/links";

const SearchDialog = lazy(() => import("./SearchDialog"));
const LeaveDialog = lazy(() => import("./LeaveDialog"));
const SettingsDialog = lazy(() => import("./Settings"));
const Shortcuts = lazy(() => import("./Shortcuts"));

/** Fetched when first asked for, not before the first paint. */
export function Overlays() {
  const searches = useCell(searchOpen);
  const sets = useCell(settingsOpen);
  const leaves = useCell(leaving);
  const looksUp = useCell(shortcutsOpen);
  return (
    <Suspense fallback={null}>
      {searches && <SearchDialog />}
      {leaves && <LeaveDialog url={leaves} />}
      {sets && <SettingsDialog />}
      {looksUp && <Shortcuts />}
    </Suspense>
  );
}
