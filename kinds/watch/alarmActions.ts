import { growthAlarm, TAG, vaultNames } from '../../names';
import type { Item, SkipOptions } from '../kind';
import type { MirrorContext } from '../mirrorContext';
import type { Quota } from '../quota';
import { newLinks } from './links';

/** What an alarm of either type does when its state changes, by the ARNs of what it does it to. */
export interface AlarmActions extends Item {
  readonly description?: string;
  readonly actionsEnabled: boolean;
  readonly alarmActions: readonly string[];
  readonly okActions: readonly string[];
  readonly insufficientDataActions: readonly string[];
}

/** As AWS answers them. */
export interface FoundActions {
  readonly AlarmDescription?: string;
  readonly ActionsEnabled?: boolean;
  readonly AlarmActions?: readonly string[];
  readonly OKActions?: readonly string[];
  readonly InsufficientDataActions?: readonly string[];
}

/** The quota that alarms of both types count towards. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
export const ALARM_QUOTAS: readonly Quota<Item>[] = [
  { service: 'monitoring', name: 'CloudWatch alarms per Region', documented: 5_000 },
];

const TOPIC = /^arn:[^:]*:sns:/;
const SCALING = /^arn:[^:]*:autoscaling:/;
/** How Application Auto Scaling and EC2 Auto Scaling name what they make for a target tracking policy. */
const TARGET_TRACKING = 'TargetTracking-';

/** The fields of an item that both types share. */
export function actionsOf(found: FoundActions): Omit<AlarmActions, 'id' | 'tags'> {
  return {
    description: found.AlarmDescription || undefined,
    actionsEnabled: found.ActionsEnabled ?? true,
    alarmActions: [...(found.AlarmActions ?? [])].sort(),
    okActions: [...(found.OKActions ?? [])].sort(),
    insufficientDataActions: [...(found.InsufficientDataActions ?? [])].sort(),
  };
}

const allOf = (item: AlarmActions) => [
  ...item.alarmActions,
  ...item.okActions,
  ...item.insufficientDataActions,
];

/** Why an alarm of either type is not DR's, in words; undefined when it may be. */
export function notOurs(item: AlarmActions, { dr }: Pick<SkipOptions, 'dr'>): string | undefined {
  const { missingRunAlarm } = vaultNames(dr.account, dr.region);
  if (item.id === missingRunAlarm || item.id.startsWith(growthAlarm('')))
    return "its name is that of an alarm of the vault's own";
  if (item.id.startsWith(TARGET_TRACKING))
    return 'Auto Scaling made it for a target tracking policy, and makes it again with that';
  const actions = allOf(item);
  return actions.length > 0 && actions.every((action) => SCALING.test(action))
    ? 'all that it does is to call a scaling policy, which is not mirrored'
    : undefined;
}

/**
 * What an alarm has come to do by itself, beside telling people: it stops and terminates machines, calls functions, runs scaling policies.
 * DR's never does; who accepts it is told what the source's does, and where its description has come to lead. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html
 */
export function actsByItself(item: AlarmActions, former: AlarmActions | undefined): string | undefined {
  if (item.id.startsWith(TARGET_TRACKING)) return undefined;
  const acts = (each: AlarmActions | undefined) =>
    each?.actionsEnabled ? allOf(each).filter((action) => !TOPIC.test(action)) : [];
  const more = [...new Set(acts(item))].filter((action) => !acts(former).includes(action));
  const acting = more.length > 0 ? `acts by itself, by ${more.join(', ')}` : undefined;
  const links = newLinks(item.description ?? '', former?.description ?? '');
  return [acting, links].filter(Boolean).join('; ') || undefined;
}

/** What a tag holds for certain: AWS lists these, and a name of an alarm may have any. */
const NO_TAG = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu;

/**
 * The tags of an alarm that is there: two names may come to one tag, so the mirror of one is told by its name, and by the tag only that it is ours.
 */
export function namedTags(name: string, tags: Readonly<Record<string, string>> = {}): Record<string, string> {
  return tags[TAG.sourceId] === undefined ? { ...tags } : { ...tags, [TAG.sourceId]: name };
}

/** The tags of a mirrored alarm. Its own name tells it for an item's; the tag says that it is ours. */
export function alarmTags(item: AlarmActions, ctx: MirrorContext): Record<string, string> {
  return ctx.tags({ ...item, id: item.id.replace(NO_TAG, '_') });
}

/** What both types are made with: in DR an alarm tells mirrored topics, and does nothing else. */
export function actionArgs(item: AlarmActions, ctx: MirrorContext) {
  const leftOut = new Set<string>();
  const topics = (actions: readonly string[]) => {
    const kept = actions.flatMap((action) => {
      const topic = topicInDr(action, ctx);
      if (topic === undefined) leftOut.add(action);
      return topic ?? [];
    });
    return kept.length > 0 ? kept : undefined;
  };
  const args = {
    alarmDescription: item.description,
    actionsEnabled: item.actionsEnabled,
    alarmActions: topics(item.alarmActions),
    okActions: topics(item.okActions),
    insufficientDataActions: topics(item.insufficientDataActions),
  };
  if (leftOut.size > 0) ctx.note(`tells mirrored topics alone, and does without ${[...leftOut].join(', ')}`);
  return args;
}

function topicInDr(action: string, { source, known }: MirrorContext) {
  const [, region, account, name] = /^arn:[^:]*:sns:([^:]*):([^:]*):([^:]*)$/.exec(action) ?? [];
  return name !== undefined && region === source.region && account === source.account
    ? known('sns-topic', name)
    : undefined;
}
