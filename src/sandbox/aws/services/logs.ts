/** Amazon CloudWatch Logs: its operations by name. */
import type { Operations } from '../context.ts'
import { describeLogStreams, filterLogEvents } from './log-events.ts'
import {
  createLogGroup,
  deleteLogGroup,
  deleteRetentionPolicy,
  describeAccountPolicies,
  describeLogGroups,
  getTransformer,
  listTagsForResource,
  putRetentionPolicy,
} from './log-groups.ts'
import { deleteMetricFilter, describeMetricFilters, putMetricFilter, testMetricFilter } from './metric-filters.ts'

export const logs: Operations = {
  DescribeLogStreams: describeLogStreams,
  FilterLogEvents: filterLogEvents,
  CreateLogGroup: createLogGroup,
  DescribeLogGroups: describeLogGroups,
  DeleteLogGroup: deleteLogGroup,
  PutRetentionPolicy: putRetentionPolicy,
  DeleteRetentionPolicy: deleteRetentionPolicy,
  ListTagsForResource: listTagsForResource,
  DescribeAccountPolicies: describeAccountPolicies,
  GetTransformer: getTransformer,
  PutMetricFilter: putMetricFilter,
  DescribeMetricFilters: describeMetricFilters,
  DeleteMetricFilter: deleteMetricFilter,
  TestMetricFilter: testMetricFilter,
}
