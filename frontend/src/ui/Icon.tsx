/** Own sprite: 20 px grid, one 1.5 px stroke. An icon never stands without a text or a label. */
const PATHS = {
  plus: "M10 4v12M4 10h12",
  search: "M14 9a5 5 0 1 1-10 0 5 5 0 0 1 10 0M12.6 12.6l3.9 3.9",
  sidebar:
    "M5 4h10a1.5 1.5 0 0 1 1.5 1.5v9A1.5 1.5 0 0 1 15 16H5a1.5 1.5 0 0 1-1.5-1.5v-9A1.5 1.5 0 0 1 5 4zM8 4v12",
  menu: "M3.5 6h13M3.5 10h13M3.5 14h13",
  close: "M5 5l10 10M15 5L5 15",
  up: "M10 16V4.5M5 9.5l5-5 5 5",
  down: "M10 4v11.5M5 10.5l5 5 5-5",
  chevron: "M5.5 8l4.5 4.5L14.5 8",
  left: "M12 5.5L7.5 10l4.5 4.5",
  right: "M8 5.5l4.5 4.5L8 14.5",
  copy: "M8.5 7.5h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1zM12.5 7.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2",
  check: "M4.5 10.5l4 4 7-8.5",
  refresh: "M15.6 8A6 6 0 1 0 16 11M16 4.2V8h-3.8",
  edit: "M4 16l.8-3.4L13 4.4a1.4 1.4 0 0 1 2 0l.6.6a1.4 1.4 0 0 1 0 2l-8.2 8.2zM11.5 6L14 8.5",
  trash: "M4 6h12M8 6V4.2h4V6M5.5 6l.7 10h7.6l.7-10M8.5 9v4M11.5 9v4",
  swap: "M4 7.5h12M13 4.5l3 3-3 3M16 12.5H4M7 9.5l-3 3 3 3",
  pin: "M7.5 3.5h5M8.5 3.5v5L6 11.5h8L11.5 8.5v-5M10 11.5V17",
  archive: "M3.5 4.5h13v3.5h-13zM5 8v7.5h10V8M8.5 11h3",
  hourglass:
    "M5 3.5h10M5 16.5h10M6.5 3.5v2.2c0 2.1 2.7 2.9 2.7 4.3s-2.7 2.2-2.7 4.3v2.2M13.5 3.5v2.2c0 2.1-2.7 2.9-2.7 4.3s2.7 2.2 2.7 4.3v2.2",
  more: "M4.8 10h.01M10 10h.01M15.2 10h.01",
  settings:
    "M3.5 6.5H9M14.5 6.5h2M3.5 13.5h2M11 13.5h5.5M9.5 6.5a2.25 2.25 0 1 0 4.5 0 2.25 2.25 0 0 0-4.5 0M6 13.5a2.25 2.25 0 1 0 4.5 0 2.25 2.25 0 0 0-4.5 0",
  thumbUp:
    "M7 9v7H4.5a1 1 0 0 1-1-1v-5a1 1 0 0 1 1-1zM7 9l3-5.5a1.6 1.6 0 0 1 1.6 1.9L11 8.5h4.2a1.3 1.3 0 0 1 1.3 1.6L15.3 15a1.3 1.3 0 0 1-1.3 1H7",
  thumbDown:
    "M7 11V4H4.5a1 1 0 0 0-1 1v5a1 1 0 0 0 1 1zM7 11l3 5.5a1.6 1.6 0 0 0 1.6-1.9L11 11.5h4.2a1.3 1.3 0 0 0 1.3-1.6L15.3 5A1.3 1.3 0 0 0 14 4H7",
  think: "M10 3.5l6.5 6.5-6.5 6.5L3.5 10z",
  eye: "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5zM12.2 10a2.2 2.2 0 1 1-4.4 0 2.2 2.2 0 0 1 4.4 0",
  warn: "M10 3.8L17 16H3zM10 8.5V12M10 14h.01",
  clock: "M16.5 10a6.5 6.5 0 1 1-13 0 6.5 6.5 0 0 1 13 0M10 6.5V10l2.5 1.5",
  wrap: "M3.5 5.5h13M3.5 10h10a2.5 2.5 0 0 1 0 5h-3M12.3 13l-2 2 2 2M3.5 15H7",
  image:
    "M4.5 4.5h11a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zM3.5 13.5l4-3.5 3.5 3 2-1.5 3.5 3M12.8 8h.01",
  pause: "M7.5 5v10M12.5 5v10",
  write: "M4 16.5h12M5.5 13l.6-2.6 6.6-6.6a1.35 1.35 0 0 1 1.9 0l.1.1a1.35 1.35 0 0 1 0 1.9l-6.6 6.6z",
  translate:
    "M3.5 5.5h8M7.5 3.5v2M10 5.5c-.8 3-3 5.3-6 6.5M5.2 7.5c.9 1.9 2.2 3.2 4 4.1M10 16.5l3.2-8 3.3 8M11.1 14h4.4",
  study:
    "M10 6C8.5 4.8 6.4 4.3 3.5 4.3v10.4c2.9 0 5 .5 6.5 1.6 1.5-1.1 3.6-1.6 6.5-1.6V4.3C13.6 4.3 11.5 4.8 10 6zM10 6v10.3",
  code: "M7 6l-4 4 4 4M13 6l4 4-4 4M11.2 4.5l-2.4 11",
  read: "M5 3.5h6.5L15 7v9.5H5zM11.5 3.5V7H15M7.5 10.5h5M7.5 13h5",
  office: "M4.5 4.5h11a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zM3.5 8.5h13M8 8.5v7",
  life: "M3.5 9.5L10 4l6.5 5.5M5.5 8v8h9V8M8.5 16v-4h3v4",
  chat: "M5 4.5h10a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-4.8L7 16.5v-3H5a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1zM7.5 8.3a2.7 2.7 0 0 0 5 0",
} as const;

export type IconName = keyof typeof PATHS;

/** What the catalog calls its icons. */
const CATALOG: Record<string, IconName> = {
  pen: "write",
  book: "study",
  file: "read",
  table: "office",
  home: "life",
  smile: "chat",
};

export const isIcon = (name: string): name is IconName => Object.hasOwn(PATHS, name);

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  const dots = name === "more";
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 20 20"
      aria-hidden="true"
      strokeWidth={dots ? 2.2 : undefined}
    >
      <path d={PATHS[name]} style={dots ? { strokeWidth: 2.2 } : undefined} />
    </svg>
  );
}

export function ScenarioIcon({ slug, icon, size }: { slug: string; icon: string; size?: number }) {
  const name = CATALOG[icon] ?? [icon, slug].find(isIcon);
  return name && isIcon(name) ? <Icon name={name} size={size} /> : <Mark size={size ?? 20} />;
}

/** The carpenter's try-square: two strokes, 2 to 3, and one cut of 45 degrees. */
export function Mark({ size = 20, turning = false }: { size?: number; turning?: boolean }) {
  return (
    <svg
      className={turning ? "mark is-turning" : "mark"}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path strokeWidth="2.5" d="M6.5 3.5v16h11" />
      <path strokeWidth="1.5" d="M6.5 12.5l7 7" />
    </svg>
  );
}
