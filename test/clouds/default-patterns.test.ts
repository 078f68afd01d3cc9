import { describe, expect, test } from 'vitest'
import { readConfiguration } from '../../src/config/read.ts'
import { createImagePattern, readImageName } from '../../src/credentials/image-pattern.ts'

const read = readConfiguration('{}')
const patterns = (read.ok ? read.value.credentials.nodesMayHave : []).map(createImagePattern)
const mayHold = (host: string): boolean => patterns.some(matches => matches(readImageName(`${host}/image`)))

const id = '123456789012'

// What the clouds' own nodes ask their providers for: cloud-provider-aws cmd/ecr-credential-provider/main.go and
// amazon-eks-ami nodeadm; cloud-provider-gcp pkg/gcpcredential; cloud-provider-azure docs and AgentBaker.
describe('by default nodes may hold credentials for', () => {
  test.each([
    `${id}.dkr.ecr.eu-west-1.amazonaws.com`,
    `${id}.dkr.ecr.us-gov-west-1.amazonaws.com`,
    `${id}.dkr.ecr-fips.us-east-1.amazonaws.com`,
    `${id}.dkr.ecr.cn-north-1.amazonaws.com.cn`,
    'gcr.io',
    'eu.gcr.io',
    'europe-west1-docker.pkg.dev',
    'acme.azurecr.io',
    'acme.azurecr.cn',
    'acme.azurecr.us',
  ])('%s', host => {
    expect(mayHold(host)).toBe(true)
  })

  test.each(['docker.io', 'ghcr.io', 'public.ecr.aws', 'mcr.microsoft.com', 'registry.k8s.io', 'azurecr.io.example'])(
    'not %s',
    host => {
      expect(mayHold(host)).toBe(false)
    },
  )

  // The sovereign and secret partitions, hosts of both address families, older and regional names: not told yet.
  test.each([
    `${id}.dkr-ecr.eu-west-1.on.aws`,
    `${id}.dkr-ecr-fips.us-east-1.on.aws`,
    `${id}.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn`,
    `${id}.dkr.ecr.eusc-de-east-1.amazonaws.eu`,
    `${id}.dkr.ecr.us-iso-east-1.c2s.ic.gov`,
    `${id}.dkr.ecr.us-isob-east-1.sc2s.sgov.gov`,
    `${id}.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk`,
    `${id}.dkr.ecr.us-isof-south-1.csp.hci.ic.gov`,
    'container.cloud.google.com',
    'acme.azurecr.de',
    'acme.westeurope.geo.azurecr.io',
    'acme.chinaeast2.geo.azurecr.cn',
    'acme.usgovvirginia.geo.azurecr.us',
  ])('%s', host => {
    expect(mayHold(host)).toBe(true)
  })
})
