// The npm clients, for tests: packages are found from this folder only.
import legacy from 'subscriptions-transport-ws';

export { HTTP as cloudEvents } from 'cloudevents';
export * as graphql from 'graphql';
export { serverAudits } from 'graphql-http';
export { createClient } from 'graphql-ws';
export { default as pg } from 'pg';
export { Webhook } from 'standardwebhooks';
export { WebSocket } from 'ws';
export const { SubscriptionClient } = legacy;
