/** Amazon CloudWatch: its operations by name. */
import type { Operations } from '../context.ts'
import {
  describeAlarmHistory,
  describeAlarms,
  getAlarmMuteRule,
  listAlarmMuteRules,
  listTagsForResource,
} from './alarm-views.ts'
import { deleteAlarms, disableAlarmActions, putCompositeAlarm, putMetricAlarm, setAlarmState } from './alarms.ts'
import { getMetricData, putMetricData } from './metric-data.ts'

export const cloudwatch: Operations = {
  DescribeAlarms: describeAlarms,
  DescribeAlarmHistory: describeAlarmHistory,
  ListAlarmMuteRules: listAlarmMuteRules,
  GetAlarmMuteRule: getAlarmMuteRule,
  ListTagsForResource: listTagsForResource,
  PutMetricAlarm: putMetricAlarm,
  PutCompositeAlarm: putCompositeAlarm,
  DeleteAlarms: deleteAlarms,
  SetAlarmState: setAlarmState,
  DisableAlarmActions: disableAlarmActions,
  GetMetricData: getMetricData,
  PutMetricData: putMetricData,
}
