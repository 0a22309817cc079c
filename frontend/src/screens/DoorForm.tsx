import { useId, useRef, useState } from "react";
import { type Outcome, type Problem, signIn, signUp } from "../api/auth";
import { Refused, readMe } from "../api/client";
import { errorSentence, type Messages, useLocale, useT } from "../i18n";
import { begin } from "../live";
import { Icon } from "../ui/Icon";
import { IconButton } from "../ui/IconButton";
import { useTold } from "../ui/useTold";

type ProblemCode = keyof Messages["auth"]["problems"];

const sentence = (problem: Problem, t: Messages): string => {
  const known = (code: string): code is ProblemCode => Object.hasOwn(t.auth.problems, code);
  return known(problem.code) ? t.auth.problems[problem.code] : t.auth.problems.other;
};

export function DoorForm({ mode, email: known = "" }: { mode: "signin" | "signup"; email?: string }) {
  const t = useT();
  const locale = useLocale();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [working, setWorking] = useState(false);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [note, setNote] = useState("");

  const settle = async (outcome: Outcome): Promise<void> => {
    if (outcome.type === "confirm_email") return setNote(t.auth.confirmEmail);
    if (outcome.type === "problems") {
      setProblems(outcome.problems);
      const wrong = outcome.problems.find((it) => it.param)?.param ?? "password";
      form.current
        ?.querySelector<HTMLInputElement>(`input[name=${wrong === "email" ? "email" : "password"}]`)
        ?.focus();
      return;
    }
    const me = await readMe();
    if (me.user) await begin(me.user);
    else setNote(t.auth.problems.other);
  };
  const submit = async (event: React.FormEvent): Promise<void> => {
    event.preventDefault();
    if (working) return;
    const missing = [email.trim() ? [] : ["email"], password ? [] : ["password"]].flat();
    if (missing.length)
      return settle({ type: "problems", problems: missing.map((param) => ({ code: "required", param })) });
    setWorking(true);
    setProblems([]);
    setNote("");
    try {
      await settle(await (mode === "signin" ? signIn : signUp)(email.trim(), password));
    } catch (error) {
      const code = error instanceof Refused ? error.code : "internal";
      setNote(code === "conflict" ? t.auth.problems.signup_closed : errorSentence({ code }, locale));
    } finally {
      setWorking(false);
    }
  };

  const about = (param: string): Problem[] => problems.filter((it) => it.param === param);
  const general = problems.filter((it) => it.param !== "email" && it.param !== "password");
  const wrong = (param: string) =>
    about(param).map((it) => (
      <p key={it.code} id={`${id}-${param}-wrong`} className="wrong">
        {sentence(it, t)}
      </p>
    ));

  const fault = note || general.map((it) => sentence(it, t)).join(" ");
  useTold("door", fault, { region: "alert" });

  return (
    <form ref={form} className="door-form" onSubmit={submit} noValidate>
      {fault && (
        <p className="fault">
          <Icon name="warn" size={18} />
          <span>{fault}</span>
        </p>
      )}
      <div>
        <label htmlFor={`${id}-email`}>{t.auth.email}</label>
        <input
          id={`${id}-email`}
          className="field"
          name="email"
          type="email"
          autoComplete="username"
          value={email}
          aria-invalid={about("email").length > 0}
          aria-describedby={`${id}-email-wrong`}
          onChange={(event) => setEmail(event.target.value)}
        />
        {wrong("email")}
      </div>
      <div>
        <label htmlFor={`${id}-password`}>{mode === "signin" ? t.auth.password : t.auth.newPassword}</label>
        <div className="with-eye">
          <input
            id={`${id}-password`}
            className="field"
            name="password"
            type={shown ? "text" : "password"}
            autoComplete={mode === "signin" ? "current-password" : "new-password"}
            value={password}
            aria-invalid={about("password").length > 0}
            aria-describedby={`${id}-password-wrong`}
            onChange={(event) => setPassword(event.target.value)}
          />
          <IconButton
            name="eye"
            label={shown ? t.auth.hidePassword : t.auth.showPassword}
            aria-pressed={shown}
            onClick={() => setShown((now) => !now)}
          />
        </div>
        {mode === "signup" && !about("password").length && <p className="hint">{t.auth.passwordHint}</p>}
        {wrong("password")}
      </div>
      <button type="submit" className="btn btn-primary" aria-disabled={working}>
        {working ? t.auth.working : mode === "signin" ? t.auth.signIn : t.auth.signUp}
      </button>
    </form>
  );
}
