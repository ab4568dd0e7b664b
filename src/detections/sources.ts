/** Names of the sources that several detections share. */
export const SECURITY_HUB = 'AWS Security Hub user guide, CloudWatch controls'
export const CIS = 'CIS AWS Foundations Benchmark 1.4 to 7.0, as carried by prowler-cloud/prowler'
export const ASR = 'aws-solutions/automated-security-response-on-aws 3.1.5, cloudwatch_get_input_values.py'
export const NOZAQ = 'nozaq/terraform-aws-secure-baseline, modules/alarm-baseline'
export const FIELD_NOISE = 'simple-container-com/api #277: fourteen days of counted alarms'
export const ELASTIC = 'elastic/detection-rules, integrations/aws'
export const MOJ = 'ministryofjustice/modernisation-platform-terraform-baselines, securityhub-alarms'
export const ZOPH = 'zoph-io/aws-security-survival-kit #34 and #35'
