/** The catalogue as JSON. */

import { catalogue } from '../../detections/catalogue.ts'
import type { Compliance, Detection } from '../../detections/detection.ts'
import { packs } from '../../detections/select.ts'
import type { Body } from '../../json/schemas.ts'

export function listJson(): Body<'detections list'> {
  return {
    detections: catalogue.map(({ id, title, tier, severity, urgency, packs }) => ({
      id,
      title,
      tier,
      severity,
      urgency,
      packs,
    })),
    packs: packs.map(({ name, description, detections }) => ({
      name,
      description,
      detections: detections.map(({ id }) => id),
    })),
  }
}

export function detectionJson({ compliance, ...detection }: Detection): Body<'detections show'> {
  // The first of each kind has a name of its own for scripts that want one example.
  const examples = { matchingEvent: detection.ownEvents[0], otherEvent: detection.neighborEvents[0] }
  return {
    detection: {
      ...detection,
      ...examples,
      ...(compliance === undefined ? {} : { compliance: complianceJson(compliance) }),
    },
  }
}

/** `twins` is the name that scripts know. */
function complianceJson({ complianceFilters, patterns, ...compliance }: Compliance) {
  return { patterns, twins: complianceFilters, ...compliance }
}
