/** Amazon CloudWatch: reading and writing metric data. */
import type {
  GetMetricDataInput,
  GetMetricDataOutput,
  MetricDataResult,
  PutMetricDataInput,
} from '@aws-sdk/client-cloudwatch'
import { awsFault } from '../../../aws/backend.ts'
import { type OperationContext, type Operations, optional, page } from '../context.ts'
import { addValue, type MinutePoint, metricOf, pointsBetween } from '../metrics.ts'
import type { DimensionState, MetricState } from '../state.ts'

export const metricDataOperations: Operations = {
  GetMetricData: getMetricData,
  PutMetricData: putMetricData,
}

/** CloudWatch takes data that is up to two weeks old. */
const TAKEN_MS = 14 * 24 * 3_600_000

function putMetricData(input: PutMetricDataInput, { state, region, now }: OperationContext): object {
  for (const datum of input.MetricData ?? []) {
    const series = {
      region,
      namespace: input.Namespace ?? '',
      name: datum.MetricName ?? '',
      dimensions: dimensionsOf(datum.Dimensions),
    }
    const at = datum.Timestamp?.getTime() ?? now
    if (at < now - TAKEN_MS) throw awsFault('InvalidParameterValueException', 'Timestamp is more than two weeks old')
    for (const value of datum.Values ?? [datum.Value ?? 0]) addValue(state, series, at, value, datum.Unit)
  }
  return {}
}

/** Values newest first, unless asked otherwise; periods without data are left out, not zero. */
function getMetricData(input: GetMetricDataInput, context: OperationContext): GetMetricDataOutput {
  const { items, next } = page(context.longestPage, input.MetricDataQueries ?? [], input.NextToken)
  const from = input.StartTime?.getTime() ?? 0
  const to = input.EndTime?.getTime() ?? context.now
  const MetricDataResults = items.map(({ Id, Label, MetricStat }): MetricDataResult => {
    if (MetricStat?.Metric === undefined) {
      throw awsFault('ValidationException', 'The sandbox does not work out metric math')
    }
    const { Namespace = '', MetricName = '', Dimensions } = MetricStat.Metric
    const series = {
      region: context.region,
      namespace: Namespace,
      name: MetricName,
      dimensions: dimensionsOf(Dimensions),
    }
    const metric = metricOf(context.state, series)
    const points = periods(metric, { from, to, length: (MetricStat.Period ?? 60) * 1000 })
    const ordered = input.ScanBy === 'TimestampAscending' ? points : points.toReversed()
    return {
      Id,
      Label: Label ?? MetricName,
      Timestamps: ordered.map((point) => new Date(point.at)),
      Values: ordered.map((point) => statistic(point, MetricStat.Stat ?? 'Sum')),
      StatusCode: 'Complete',
    }
  })
  return { MetricDataResults, ...optional('NextToken', next) }
}

interface Span {
  readonly from: number
  readonly to: number
  readonly length: number
}

function periods(metric: MetricState | undefined, { from, to, length }: Span): readonly MinutePoint[] {
  const groups = new Map<number, MinutePoint[]>()
  const start = Math.floor(from / length) * length
  for (const point of pointsBetween(metric, start, to)) {
    const at = Math.floor(point.at / length) * length
    groups.set(at, [...(groups.get(at) ?? []), point])
  }
  return [...groups.entries()].map(([at, points]) => ({
    at,
    sum: points.reduce((total, point) => total + point.sum, 0),
    count: points.reduce((total, point) => total + point.count, 0),
    min: Math.min(...points.map((point) => point.min)),
    max: Math.max(...points.map((point) => point.max)),
  }))
}

function statistic(point: MinutePoint, name: string): number {
  switch (name) {
    case 'SampleCount':
      return point.count
    case 'Average':
      return point.sum / point.count
    case 'Minimum':
      return point.min
    case 'Maximum':
      return point.max
    default:
      return point.sum
  }
}

function dimensionsOf(
  dimensions: readonly { Name?: string | undefined; Value?: string | undefined }[] | undefined,
): DimensionState[] {
  return (dimensions ?? []).map(({ Name = '', Value = '' }) => ({ name: Name, value: Value }))
}
