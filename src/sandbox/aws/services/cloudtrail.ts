/** AWS CloudTrail: its operations by name. */
import type { Operations } from '../context.ts'
import {
  describeTrails,
  getEventSelectors,
  getTrail,
  getTrailStatus,
  listTags,
  listTrails,
  lookupEvents,
} from './trail-views.ts'
import {
  addTags,
  createTrail,
  deleteTrail,
  putEventSelectors,
  removeTags,
  startLogging,
  stopLogging,
  updateTrail,
} from './trails.ts'

export const cloudtrail: Operations = {
  DescribeTrails: describeTrails,
  ListTrails: listTrails,
  GetTrail: getTrail,
  GetTrailStatus: getTrailStatus,
  GetEventSelectors: getEventSelectors,
  ListTags: listTags,
  LookupEvents: lookupEvents,
  CreateTrail: createTrail,
  UpdateTrail: updateTrail,
  DeleteTrail: deleteTrail,
  StartLogging: startLogging,
  StopLogging: stopLogging,
  PutEventSelectors: putEventSelectors,
  AddTags: addTags,
  RemoveTags: removeTags,
}
