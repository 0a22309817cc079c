import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { queryClient } from "../api/queries";
import { useCell } from "../cell";
import { session } from "../live";
import { Toasts } from "../ui/Toast";
import { Banner } from "./Banner";
import { drawerOpen } from "./Bar";
import { Desk } from "./Desk";
import { NotFound } from "./NotFound";
import { Overlays } from "./Overlays";
import { placeOf } from "./place";
import { Sidebar } from "./Sidebar";
import { SkipLinks } from "./SkipLinks";
import { useKeys } from "./useKeys";

/** Whoever is signed in never sees a door: it is fetched by those who do. */
const Door = lazy(() => import("./Door").then((it) => ({ default: it.Door })));
const ExpiredDialog = lazy(() => import("./Door").then((it) => ({ default: it.ExpiredDialog })));

export function App() {
  const [path] = useLocation();
  const place = placeOf(path);
  const now = useCell(session);
  const drawer = useCell(drawerOpen);
  const [asksSignIn, setAsksSignIn] = useState(false);
  useKeys();
  useEffect(() => setAsksSignIn(now.type === "expired"), [now]);

  if (place.kind === "signin" || place.kind === "signup") {
    return (
      <Suspense fallback={null}>
        <Door mode={place.kind} />
      </Suspense>
    );
  }
  return (
    <QueryClientProvider client={queryClient}>
      <div className="shell">
        {place.kind !== "unknown" && <SkipLinks inThread={place.kind === "conversation"} />}
        <Sidebar place={place} />
        {place.kind === "unknown" ? (
          <NotFound />
        ) : (
          <Desk
            place={place}
            onSignIn={() => setAsksSignIn(true)}
            banner={<Banner onSignIn={() => setAsksSignIn(true)} />}
          />
        )}
      </div>
      {asksSignIn && now.type === "expired" && (
        <Suspense fallback={null}>
          <ExpiredDialog onClose={() => setAsksSignIn(false)} />
        </Suspense>
      )}
      <Overlays />
      {!drawer && <Toasts />}
    </QueryClientProvider>
  );
}
