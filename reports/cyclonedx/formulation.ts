import type { Artifact } from '../../src/model/artifact.ts';
import type { Run, RunHeader } from '../../src/model/run.ts';
import { describeCommand, describeExit } from '../text/describe-run.ts';
import { each } from '../text/stream-json.ts';
import { property } from './property.ts';

/** How what is in the BOM came about: one workflow per run, and what the commands sent. */
export function formulate({ runs, artifacts }: Run, toComponent: (artifact: Artifact) => object): object {
  const sent = artifacts.filter(({ direction }) => direction === 'sent');
  return {
    ...(sent.length === 0 ? {} : { components: each(sent, (artifact) => toSent(toComponent(artifact))) }),
    workflows: runs.map(toWorkflow),
  };
}

function toSent(component: object & { readonly properties?: readonly object[] }): object {
  return { ...component, properties: [property('direction', 'sent'), ...(component.properties ?? [])] };
}

function toWorkflow({ runId, command, startedAt, endedAt, exit }: RunHeader, index: number): object {
  return {
    'bom-ref': `workflow-${index + 1}`,
    uid: runId,
    name: describeCommand(command),
    taskTypes: ['other'],
    steps: [{ commands: [{ executed: describeCommand(command) }] }],
    ...(startedAt === '' ? {} : { timeStart: startedAt }),
    ...(endedAt === null ? {} : { timeEnd: endedAt }),
    properties: [property('exit', describeExit(exit))],
  };
}
