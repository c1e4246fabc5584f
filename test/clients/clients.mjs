// The npm clients, for tests: packages are found from this folder only.
import legacy from 'subscriptions-transport-ws';

export { createClient } from 'graphql-ws';
export { default as pg } from 'pg';
export { WebSocket } from 'ws';
export const { SubscriptionClient } = legacy;
