export { reduce } from "./thread/reduce";
export * from "./thread/state";
export * from "./thread/view";
