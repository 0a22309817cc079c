/** The tabs of this browser tell each other what concerns the browser; never a word of a conversation. */
type News = "signed_out" | "signed_in";

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("shiyong");

export const tellTabs = (news: News): void => channel?.postMessage(news);

export function hearTabs(run: (news: News) => void): void {
  channel?.addEventListener("message", (event: MessageEvent<unknown>) => {
    if (event.data === "signed_out" || event.data === "signed_in") run(event.data);
  });
}
