import { CloudWatchClient, GetDashboardCommand, paginateListDashboards } from '@aws-sdk/client-cloudwatch';
import type { DashboardArgs } from '@pulumi/aws/cloudwatch/dashboard';
import { TAG } from '../../names';
import { allPages, type Item, type Kind, present } from '../kind';
import { resource } from '../mirrorContext';
import { perObject } from '../perObject';
import { watchTags } from './alarms';
import { bodyInDr, customWidgets, parsedBody } from './dashboardBody';
import { newLinks } from './links';

/** A CloudWatch dashboard, by its name. It is an account's: every region shows it. */
export interface Dashboard extends Item {
  /** JSON, as AWS has it. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
  readonly body: string;
}

/**
 * What the names of DR's begin with. The provider sets no tags on dashboards, and a policy tells one by its name: what begins so is ours, and
 * everything else is the account's own people's.
 */
export const DASHBOARD_PREFIX = 'lifeboat-';

/** AWS's limit of characters of a name. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html */
const MAX_NAME = 255;

/** A dashboard. AWS bills the fourth and each after it by the month, so at rest it is in the inventory alone. */
export const dashboard: Kind<Dashboard> = {
  name: 'dashboard',
  title: 'CloudWatch dashboard',
  cost: 'billed',
  isGlobal: true,
  types: ['aws:cloudwatch/dashboard:Dashboard'],
  iamActions: ['cloudwatch:GetDashboard', 'cloudwatch:ListDashboards', 'cloudwatch:ListTagsForResource'],

  async list(account) {
    const client = account.client(CloudWatchClient);
    const entries = await allPages(paginateListDashboards({ client }, {}), (page) => page.DashboardEntries);
    return Promise.all(
      entries.map(async ({ DashboardName, DashboardArn }) => {
        const id = present(DashboardName, 'DashboardName');
        const [{ DashboardBody }, { [TAG.sourceId]: _, ...tags }] = await Promise.all([
          perObject(client, () => client.send(new GetDashboardCommand({ DashboardName: id }))),
          watchTags(account, DashboardArn),
        ]);
        // The name says what a tag cannot.
        const ours = id.startsWith(DASHBOARD_PREFIX) && { [TAG.sourceId]: id.slice(DASHBOARD_PREFIX.length) };
        return { id, tags: { ...tags, ...ours }, body: present(DashboardBody, 'DashboardBody') };
      }),
    );
  },

  skip(item) {
    if (item.id.length > MAX_NAME - DASHBOARD_PREFIX.length)
      return `its name would be longer than ${MAX_NAME} characters in DR, where ${DASHBOARD_PREFIX} stands before it`;
    return parsedBody(item.body) ? undefined : 'its body is no JSON object';
  },

  atRecovery: () => 'a dashboard, which is billed by the month',

  madeAtRecovery: true,

  mirror(item, ctx) {
    const { body, foreign, leftOut } = bodyInDr(present(parsedBody(item.body), 'a body'), ctx);
    if (leftOut.length > 0)
      ctx.note(`does without the widgets that functions make, which are not mirrored: ${leftOut.join(', ')}`);
    if (foreign.length > 0) ctx.note(`names what only the source has, as it is: ${foreign.join(', ')}`);
    return resource<DashboardArgs>('aws:cloudwatch/dashboard:Dashboard', {
      dashboardName: `${DASHBOARD_PREFIX}${item.id}`,
      dashboardBody: ctx.json(body),
    });
  },

  // A widget of that sort runs a function with the rights of whoever looks.
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/add_custom_widget_dashboard.html
  danger(item, former) {
    const before = former ? customWidgets(former.body) : [];
    const more = customWidgets(item.body).filter((endpoint) => !before.includes(endpoint));
    const calls = more.length > 0 ? `calls ${more.join(', ')} for whoever looks at it` : undefined;
    return [calls, newLinks(item.body, former?.body ?? '')].filter(Boolean).join('; ') || undefined;
  },
};
