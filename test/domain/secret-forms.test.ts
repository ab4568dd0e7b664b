import { describe, expect, it } from 'vitest'
import { looksSecret } from '../../src/domain/secret-forms.ts'

const HEX = '0123456789abcdef0123456789abcdef'

describe('what looks like a secret', () => {
  it.each([
    HEX,
    `R${HEX.slice(1).toUpperCase()}`,
    HEX + HEX,
    'y_NbAkKc66ryYTWUXYEu',
    'pdus+_abcdefghijkl',
    `https://events.pagerduty.com/x-ere/${HEX}`,
    'https://events.eu.pagerduty.com/integration/0123',
    `export CLOUDTRAIL_PD_INTEGRATION_KEY="${HEX}"`,
  ])('%s does', (text) => {
    expect(looksSecret(text)).toBe(true)
  })

  it.each(['', 'Payments', 'payments production europe', 'https://example.pagerduty.com/services/P123', 'PABC123'])(
    '%j does not',
    (text) => {
      expect(looksSecret(text)).toBe(false)
    },
  )
})
