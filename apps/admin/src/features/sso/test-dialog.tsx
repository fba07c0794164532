import { Button, Group, Modal, Stack } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Note } from "../../ui/note.tsx";
import { SkeletonLines } from "../../ui/skeleton-lines.tsx";
import { refreshSso, ssoTestQuery, startSsoTestMutation } from "./sso-queries.ts";
import { TestReport } from "./test-report.tsx";

/** Starts a test of the connection and waits for its report in a dialog. */
export function TestDialog(): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const start = useMutation(startSsoTestMutation);
  const close = (): void => {
    setIsOpen(false);
    start.reset();
    void refreshSso();
  };
  return (
    <>
      <Button
        onClick={() => {
          setIsOpen(true);
          start.mutate();
        }}
      >
        Test connection…
      </Button>
      <Modal opened={isOpen} onClose={close} title="Test the connection">
        <Stack gap="md">
          {start.isPending && <SkeletonLines count={2} />}
          {start.isError && <ErrorNote error={start.error} onRetry={() => start.mutate()} />}
          {start.data !== undefined && <Waiting id={start.data.id} url={start.data.url} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Close
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

function Waiting({ id, url }: { readonly id: string; readonly url: string }): ReactNode {
  const test = useQuery(ssoTestQuery(id));
  if (test.isError) return <ErrorNote error={test.error} onRetry={() => void test.refetch()} />;
  const report = test.data?.report ?? null;
  if (report !== null) return <TestReport report={report} />;
  if (test.data?.isExpired === true) {
    return <Note tone="warn">No response within ten minutes. Close this and test again.</Note>;
  }
  return (
    <>
      <p>
        Sign in at the identity provider in a new tab. This does not sign anyone in to Rollcall; the response is checked
        and shown here.
      </p>
      <Group>
        <Button
          component="a"
          href={url}
          target="_blank"
          rel="noreferrer"
          data-autofocus
          rightSection={<IconExternalLink size={16} stroke={1.75} aria-hidden />}
        >
          Open the identity provider
        </Button>
      </Group>
      <output className="quiet small">Waiting for the response…</output>
    </>
  );
}
