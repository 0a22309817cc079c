/** What lies over the page when it is asked for: open or not. screens/Overlays.tsx draws it. */
import { createCell } from "./cell";

export const searchOpen = createCell(false);
export const settingsOpen = createCell(false);
export const shortcutsOpen = createCell(false);
