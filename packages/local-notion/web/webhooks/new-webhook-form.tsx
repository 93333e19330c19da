import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { type ApiVersion, apiVersions } from "../../src/api/version.ts";
import { type EventType, eventTypes } from "../../src/webhooks/event.ts";
import { messageOf } from "../api/request.ts";
import type { App, Webhook } from "../api/webhooks.ts";
import { FieldProblem } from "../parts/field-problem.tsx";
import { useWorkspace } from "../workspace/workspace.ts";
import { eventGroups } from "./event-groups.ts";
import { EventTypePicker } from "./event-type-picker.tsx";

interface NewWebhookFormProps {
  apps: readonly App[];
  onMade(webhook: Webhook): void;
  onCancel(): void;
}

const newestVersion = apiVersions[apiVersions.length - 1] ?? apiVersions[0];

/** Asks for what a subscription needs. Its address gets the token as soon as it is made. */
export function NewWebhookForm({ apps, onMade, onCancel }: NewWebhookFormProps) {
  const draft = useDraft(apps, onMade);
  const { problem } = draft;
  const id = useId();
  const problemOf = (field: Problem["field"]) =>
    problem?.field === field ? { id: `${id}-${field}-problem`, text: problem.text } : undefined;
  return (
    <form
      className="panel"
      aria-labelledby={`${id}-title`}
      noValidate
      onSubmit={(event) => void draft.submit(event)}
    >
      <h3 id={`${id}-title`} className="panel-title">
        New webhook
      </h3>
      <AddressField draft={draft} problem={problemOf("url")} />
      <div className="field-pair">
        <AppField apps={apps} draft={draft} />
        <VersionField draft={draft} />
      </div>
      <EventTypePicker
        groups={draft.groups}
        chosen={new Set(draft.wanted)}
        problemId={problemOf("types")?.id}
        onChange={draft.setChosen}
      />
      <FieldProblem problem={problemOf("types")} />
      <FieldProblem problem={problemOf("form")} />
      <div className="panel-actions">
        <button type="submit" className="button is-main" disabled={draft.isSending}>
          Create webhook
        </button>
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}

interface FieldProps {
  draft: Draft;
  problem: { id: string; text: string } | undefined;
}

function AddressField({ draft: { address, url, setUrl }, problem }: FieldProps) {
  return (
    <>
      <label className="form-field">
        <span className="field-label">Address</span>
        <input
          ref={address}
          type="url"
          placeholder="http://127.0.0.1:3000/webhooks"
          autoComplete="off"
          spellCheck={false}
          required
          value={url}
          aria-invalid={problem !== undefined}
          aria-describedby={problem?.id}
          onChange={(event) => setUrl(event.target.value)}
        />
      </label>
      <FieldProblem problem={problem} />
    </>
  );
}

function AppField({ apps, draft }: { apps: readonly App[]; draft: Draft }) {
  return (
    <label className="form-field">
      <span className="field-label">App</span>
      <select value={draft.appId} onChange={(event) => draft.setAppId(event.target.value)}>
        {apps.map(({ clientId, name }) => (
          <option key={clientId} value={clientId}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function VersionField({ draft: { version, setVersion } }: { draft: Draft }) {
  return (
    <label className="form-field">
      <span className="field-label">API version</span>
      <select
        value={version}
        onChange={({ target }) =>
          setVersion(apiVersions.find((one) => one === target.value) ?? newestVersion)
        }
      >
        {apiVersions.toReversed().map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </label>
  );
}

type Draft = ReturnType<typeof useDraft>;

/** What has been entered so far, and its way to the server. */
function useDraft(apps: readonly App[], onMade: (webhook: Webhook) => void) {
  const { api } = useWorkspace();
  const [url, setUrl] = useState("");
  const [appId, setAppId] = useState(apps[0]?.clientId ?? "");
  const [version, setVersion] = useState<ApiVersion>(newestVersion);
  const [chosen, setChosen] = useState<ReadonlySet<EventType>>(new Set(eventTypes));
  const [problem, setProblem] = useState<Problem>();
  const [isSending, setSending] = useState(false);
  const address = useRef<HTMLInputElement>(null);
  useEffect(() => address.current?.focus(), []);

  const groups = eventGroups(version);
  const offered = groups.flatMap(({ types }) => types);
  const wanted = offered.filter((type) => chosen.has(type));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = findProblem(url, wanted.length);
    setProblem(found);
    if (found?.field === "url") address.current?.focus();
    if (found) return;
    const all = wanted.length === offered.length;
    const request = { url: url.trim(), appId, apiVersion: version };
    setSending(true);
    try {
      onMade(await api.createWebhook({ ...request, eventTypes: all ? null : wanted }));
    } catch (error) {
      setProblem({ field: "form", text: messageOf(error) });
      setSending(false);
    }
  };
  return {
    address,
    url,
    setUrl,
    appId,
    setAppId,
    version,
    setVersion,
    groups,
    wanted,
    setChosen,
    problem,
    isSending,
    submit,
  };
}

interface Problem {
  field: "url" | "types" | "form";
  text: string;
}

function findProblem(url: string, count: number): Problem | undefined {
  const protocol = URL.parse(url.trim())?.protocol;
  if (protocol !== "http:" && protocol !== "https:") {
    return { field: "url", text: "Enter a whole address, with http:// or https:// before it." };
  }
  return count === 0 ? { field: "types", text: "Choose at least one event type." } : undefined;
}
