// A new job, or another setting of one that is there. What the server refuses is said at the field it concerns.
import { Autocomplete, Button, MultiSelect, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Job, NewJob } from "../../../../lib/contract/job.ts";
import { patchJson, postJson } from "../../parts/api.ts";
import dialog from "../../parts/dialog.module.css";
import { Dialog } from "../../parts/dialog.tsx";
import { FailureOf } from "../../parts/failure.tsx";
import { jobPath, jobsQuery } from "../../parts/job-queries.ts";
import { notebooksQuery } from "../../parts/notebooks.ts";
import { notify } from "../../parts/notices.tsx";
import styles from "./job-dialog.module.css";
import {
  emptyJob,
  type FieldErrors,
  fieldOfRefusal,
  fieldsOf,
  isNotebook,
  type JobFields,
  readJob,
} from "./job-form.ts";

export interface JobDialogProps {
  /** Absent: a new one. */
  readonly job?: Job | undefined;
  onSaved(job: Job): void;
  onClose(): void;
}

export function JobDialog({ job, onSaved, onClose }: JobDialogProps) {
  const client = useQueryClient();
  const [fields, setFields] = useState<JobFields>(() => (job ? fieldsOf(job) : emptyJob()));
  const [complaints, setComplaints] = useState<FieldErrors>({});
  const { mutate, error, isPending } = useMutation({
    mutationFn: (wanted: NewJob) => save(job, wanted),
    onSuccess(saved) {
      client.setQueryData(["job", saved.name], saved);
      client.invalidateQueries({ queryKey: ["jobs"] });
      notify(job ? `Job ${saved.name} changed.` : `Job ${saved.name} made.`);
      onSaved(saved);
    },
  });
  const refused = error ? fieldOfRefusal(error) : undefined;
  const errors: FieldErrors = { ...complaints, ...(error && refused ? { [refused]: error.message } : {}) };

  function submit(event: FormEvent): void {
    event.preventDefault();
    const { job: wanted, errors } = readJob(fields);
    setComplaints(errors);
    if (wanted) mutate(wanted);
  }

  const set = (change: Partial<JobFields>) => {
    setFields({ ...fields, ...change });
    setComplaints({});
  };
  return (
    <Dialog title={job ? `Settings of ${job.name}` : "New job"} size="lg" onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <div className={styles.fields}>
          <What fields={fields} errors={errors} set={set} isNew={!job} />
          <When fields={fields} errors={errors} set={set} />
        </div>
        {error && !refused && (
          <FailureOf what={job ? "The job was not changed" : "The job was not made"} error={error} />
        )}
        <div className={dialog.actions}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isPending}>
            {job ? "Save settings" : "Make job"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface PartProps {
  readonly fields: JobFields;
  readonly errors: FieldErrors;
  set(change: Partial<JobFields>): void;
}

function What({ fields, errors, set, isNew }: PartProps & { isNew: boolean }) {
  const { data: notebooks = [] } = useQuery(notebooksQuery);
  return (
    <>
      {isNew && (
        <TextInput
          label="Name"
          required
          data-autofocus
          placeholder="nightly-training"
          autoComplete="off"
          value={fields.name}
          error={errors.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
      )}
      <Autocomplete
        label="Notebook or script"
        required
        placeholder="notebooks/3_model_building.ipynb"
        data={notebooks.map(({ path }) => path)}
        value={fields.file}
        error={errors.file}
        onChange={(file) => set({ file })}
      />
      <TextInput
        label="Description"
        className={styles.wide}
        autoComplete="off"
        value={fields.description}
        error={errors.description}
        onChange={(event) => set({ description: event.currentTarget.value })}
      />
      {isNotebook(fields.file) ? (
        <Textarea
          label="Parameters"
          description="JSON: values for the cell tagged parameters"
          rows={3}
          resize="vertical"
          spellCheck={false}
          classNames={{ input: styles.code, root: styles.wide }}
          value={fields.parameters}
          error={errors.parameters}
          onChange={(event) => set({ parameters: event.currentTarget.value })}
        />
      ) : (
        <Textarea
          label="Arguments"
          description="One a line"
          rows={3}
          resize="vertical"
          spellCheck={false}
          classNames={{ input: styles.code, root: styles.wide }}
          value={fields.arguments}
          error={errors.arguments}
          onChange={(event) => set({ arguments: event.currentTarget.value })}
        />
      )}
      {isNotebook(fields.file) && (
        <NativeSelect
          label="Kernel"
          description="What runs its cells"
          classNames={{ root: styles.wide }}
          data={[
            { value: "cellwright", label: "TypeScript (Cellwright)" },
            { value: "tslab", label: "tslab" },
          ]}
          value={fields.kernel}
          error={errors.kernel}
          onChange={(event) => set({ kernel: event.currentTarget.value })}
        />
      )}
      <Textarea
        label="Environment"
        description="NAME=value, one a line; not for secrets: whoever sees the job sees them"
        rows={2}
        resize="vertical"
        spellCheck={false}
        classNames={{ input: styles.code, root: styles.wide }}
        value={fields.environment}
        error={errors.environment}
        onChange={(event) => set({ environment: event.currentTarget.value })}
      />
    </>
  );
}

function When({ fields, errors, set }: PartProps) {
  const { data: jobs = [] } = useQuery(jobsQuery);
  return (
    <>
      <TextInput
        label="Schedule"
        description="Minute, hour, day, month, weekday; empty: by hand"
        placeholder="30 2 * * 1-5"
        autoComplete="off"
        classNames={{ input: styles.code }}
        value={fields.cron}
        error={errors.cron}
        onChange={(event) => set({ cron: event.currentTarget.value })}
      />
      <TextInput
        label="Time zone"
        description="Of the schedule"
        autoComplete="off"
        value={fields.timeZone}
        error={errors.timeZone}
        onChange={(event) => set({ timeZone: event.currentTarget.value })}
      />
      <MultiSelect
        label="Runs after"
        description="Jobs that must have succeeded first"
        searchable
        clearable
        classNames={{ root: styles.wide }}
        data={jobs.map(({ name }) => name).filter((name) => name !== fields.name)}
        value={[...fields.after]}
        error={errors.after}
        nothingFoundMessage="No such job"
        onChange={(after) => set({ after })}
      />
      <TextInput
        label="Time limit (s)"
        description="For one attempt; empty: none"
        inputMode="decimal"
        autoComplete="off"
        value={fields.timeoutSeconds}
        error={errors.timeoutSeconds}
        onChange={(event) => set({ timeoutSeconds: event.currentTarget.value })}
      />
      <NativeSelect
        label="When one is still running"
        description="And another is asked for"
        data={[
          { value: "queue", label: "Wait for it" },
          { value: "skip", label: "Skip the new one" },
          { value: "parallel", label: "Run both" },
        ]}
        value={fields.overlap}
        error={errors.overlap}
        onChange={(event) => set({ overlap: event.currentTarget.value })}
      />
      <TextInput
        label="Retries"
        description="After a failure"
        inputMode="numeric"
        autoComplete="off"
        value={fields.retries}
        error={errors.retries}
        onChange={(event) => set({ retries: event.currentTarget.value })}
      />
      <TextInput
        label="Wait before the first retry (s)"
        description="Doubles with each"
        inputMode="decimal"
        autoComplete="off"
        value={fields.retryDelaySeconds}
        error={errors.retryDelaySeconds}
        onChange={(event) => set({ retryDelaySeconds: event.currentTarget.value })}
      />
    </>
  );
}

function save(job: Job | undefined, wanted: NewJob): Promise<Job> {
  if (!job) return postJson<Job>("/api/v2/jobs", wanted);
  const { name: _, ...changes } = wanted;
  return patchJson<Job>(jobPath(job.name), changes);
}
