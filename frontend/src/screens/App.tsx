import { QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import { queryClient } from "../api/queries";
import { useCell } from "../cell";
import { session } from "../live";
import { Banner } from "./Banner";
import { Desk } from "./Desk";
import { Door, ExpiredDialog } from "./Door";
import { LeaveDialog } from "./LeaveDialog";
import { NotFound } from "./NotFound";
import { placeOf } from "./place";
import { Shortcuts } from "./Shortcuts";
import { Sidebar } from "./Sidebar";
import { SkipLink } from "./SkipLink";
import { useKeys } from "./useKeys";

export function App() {
  const [path] = useLocation();
  const place = placeOf(path);
  const now = useCell(session);
  const [asksSignIn, setAsksSignIn] = useState(false);
  useKeys();
  useEffect(() => setAsksSignIn(now.type === "expired"), [now]);

  if (place.kind === "signin" || place.kind === "signup") return <Door mode={place.kind} />;
  return (
    <QueryClientProvider client={queryClient}>
      <div className="shell">
        {place.kind !== "unknown" && <SkipLink />}
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
      {asksSignIn && now.type === "expired" && <ExpiredDialog onClose={() => setAsksSignIn(false)} />}
      <LeaveDialog />
      <Shortcuts />
    </QueryClientProvider>
  );
}
