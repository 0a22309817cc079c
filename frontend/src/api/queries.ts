import {
  type InfiniteData,
  infiniteQueryOptions,
  onlineManager,
  QueryClient,
  queryOptions,
} from "@tanstack/react-query";
import type { Parse } from "../shape";
import { Refused, request } from "./client";
import * as shapes from "./shapes";

const nothing: Parse<null> = () => null;
const RETRIES = 2;

// It only hears of changes, and takes a page opened without a network for one that has it.
onlineManager.setOnline(navigator.onLine);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      // A refusal is an answer; only silence and faults of the way are asked again.
      retry: (count, error) =>
        count < RETRIES && !(error instanceof Refused && error.status >= 400 && error.status < 500),
    },
  },
});

export const catalogQuery = queryOptions({
  queryKey: ["catalog"],
  queryFn: () => request("/api/catalog/", shapes.catalog),
  staleTime: 5 * 60_000,
});

/** Which rows of the list: all that are not archived, of these the pinned ones, or the archived ones. */
export type Shelf = "all" | "pinned" | "archived";

/** `next` is an absolute URL of whatever host the server believes it has: only its query is used. */
const pagePath = (cursor: string, shelf: Shelf): string => {
  const query = new URLSearchParams(cursor ? new URL(cursor, location.origin).search : "");
  if (shelf !== "all") query.set(shelf, "true");
  return `/api/conversations/${query.size ? `?${query}` : ""}`;
};

export const conversationsQuery = (shelf: Shelf) =>
  infiniteQueryOptions({
    queryKey: ["conversations", shelf],
    queryFn: ({ pageParam }) => request(pagePath(pageParam, shelf), shapes.conversationPage),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ["search", q],
    queryFn: () => request(`/api/search/?${new URLSearchParams({ q })}`, shapes.found),
  });

/**
 * The newest messages, or those before one of them. Each snapshot goes to the reducer, one way; no component reads it.
 */
export const threadQuery = (id: string, before = "") =>
  queryOptions({
    queryKey: before ? ["earlier", id, before] : ["thread", id],
    queryFn: () => request(`/api/conversations/${id}/${before && `?before=${before}`}`, shapes.thread),
    staleTime: 0,
    gcTime: 0,
  });

export const changeConversation = (
  id: string,
  change: Partial<Pick<shapes.Conversation, "title" | "pinned" | "archived">>,
) => request(`/api/conversations/${id}/`, shapes.conversation, "PATCH", change);

export const deleteConversation = (id: string) => request(`/api/conversations/${id}/`, nothing, "DELETE");

export const undeleteConversation = (id: string) =>
  request(`/api/conversations/${id}/undelete/`, shapes.conversation, "POST");

export const saveMe = (change: Partial<Pick<shapes.User, "locale" | "instructions">>) =>
  request("/api/me/", shapes.user, "PATCH", change);

type Pages = InfiniteData<shapes.ConversationPage, string>;

/** Change one row in every cached list; `null` takes it out. */
export function patchConversation(id: string, patch: Partial<shapes.Conversation> | null): void {
  queryClient.setQueriesData<Pages>(
    { queryKey: ["conversations"] },
    (pages) =>
      pages && {
        ...pages,
        pages: pages.pages.map((page) => ({
          ...page,
          results: page.results.flatMap((row) => (row.id !== id ? row : patch ? { ...row, ...patch } : [])),
        })),
      },
  );
}

export const refreshConversations = (): Promise<void> =>
  queryClient.invalidateQueries({ queryKey: ["conversations"] });
