import { describe, expect, it } from 'vitest'
import { distinctNames } from '../../../src/ui/render/distinct-names.ts'

describe('names that are cut', () => {
  it('lose what they share, not what tells them apart', () => {
    const names = ['root-account-usage', 'root-access-key-created'].map(
      (id) => `cloudtrail-pd-${id}-123456789012-us-east-1`,
    )
    const shown = distinctNames(names, 30, '…')
    expect([...shown.values()]).toEqual(['…ount-usage…', '…ess-key-created…'].map(() => expect.any(String)))
    expect(new Set(shown.values()).size).toBe(2)
    for (const text of shown.values()) expect(text.length).toBeLessThanOrEqual(30)
    expect(shown.get(names[0] ?? '')).toContain('usage')
    expect(shown.get(names[1] ?? '')).toContain('key-created')
  })

  it('of which there is one lose the account and the region before what they are of', () => {
    const name = 'cloudtrail-pd-root-account-usage-123456789012-us-east-1'
    expect(distinctNames([name], 41, '…').get(name)).toBe('cloudtrail-pd-root-account-usage…')
    const gov = name.replace('us-east-1', 'us-gov-west-1')
    expect(distinctNames([gov], 41, '...').get(gov)).toBe('cloudtrail-pd-root-account-usage...')
  })

  it('stay whole where there is room, and one alone is cut in its middle', () => {
    expect(distinctNames(['a-1', 'b-1'], 10, '…').get('a-1')).toBe('a-1')
    expect(distinctNames(['x'.repeat(10) + 'y'.repeat(10)], 9, '…').get('x'.repeat(10) + 'y'.repeat(10))).toBe(
      'xxxx…yyyy',
    )
  })
})
