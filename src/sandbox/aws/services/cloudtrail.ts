/** AWS CloudTrail: its operations by name. */
import type { Operations } from '../context.ts'
import { describeTrails, getEventSelectors, getTrail, getTrailStatus, lookupEvents } from './trail-views.ts'
import { createTrail, deleteTrail, putEventSelectors, startLogging, stopLogging, updateTrail } from './trails.ts'

export const cloudtrail: Operations = {
  DescribeTrails: describeTrails,
  GetTrail: getTrail,
  GetTrailStatus: getTrailStatus,
  GetEventSelectors: getEventSelectors,
  LookupEvents: lookupEvents,
  CreateTrail: createTrail,
  UpdateTrail: updateTrail,
  DeleteTrail: deleteTrail,
  StartLogging: startLogging,
  StopLogging: stopLogging,
  PutEventSelectors: putEventSelectors,
}
