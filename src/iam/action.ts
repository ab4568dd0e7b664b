/** An IAM action, named as policies name it. */
export type IamAction = `${string}:${string}`
