/** Amazon CloudWatch: its operations by name. */
import type { Operations } from '../context.ts'
import {
  describeAlarmHistory,
  describeAlarms,
  describeAlarmsForMetric,
  getAlarmMuteRule,
  listAlarmMuteRules,
  listTagsForResource,
} from './alarm-views.ts'
import {
  deleteAlarms,
  disableAlarmActions,
  enableAlarmActions,
  putCompositeAlarm,
  putMetricAlarm,
  setAlarmState,
  tagResource,
  untagResource,
} from './alarms.ts'
import { getMetricData, getMetricStatistics, listMetrics, putMetricData } from './metric-data.ts'

export const cloudwatch: Operations = {
  DescribeAlarms: describeAlarms,
  DescribeAlarmsForMetric: describeAlarmsForMetric,
  DescribeAlarmHistory: describeAlarmHistory,
  ListAlarmMuteRules: listAlarmMuteRules,
  GetAlarmMuteRule: getAlarmMuteRule,
  ListTagsForResource: listTagsForResource,
  PutMetricAlarm: putMetricAlarm,
  PutCompositeAlarm: putCompositeAlarm,
  DeleteAlarms: deleteAlarms,
  SetAlarmState: setAlarmState,
  EnableAlarmActions: enableAlarmActions,
  DisableAlarmActions: disableAlarmActions,
  TagResource: tagResource,
  UntagResource: untagResource,
  GetMetricData: getMetricData,
  GetMetricStatistics: getMetricStatistics,
  ListMetrics: listMetrics,
  PutMetricData: putMetricData,
}
