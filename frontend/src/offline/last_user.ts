/**
 * Who was signed in here last: without a network there is nobody to ask, and the words not yet sent are in the database
 * of that person. Gone when they sign out.
 */
import { type User, user as userShape } from "../api/shapes";

const KEY = "user";

export function keepLastUser(user: User | null): void {
  try {
    if (user) localStorage.setItem(KEY, JSON.stringify({ ...user, instructions: "" }));
    else localStorage.removeItem(KEY);
  } catch {
    // A browser that keeps nothing has no words to come back to either.
  }
}

export function lastUser(): User | null {
  try {
    return userShape(JSON.parse(localStorage.getItem(KEY) ?? "null"));
  } catch {
    return null;
  }
}
