// The npm clients, for tests: packages are found from this folder only.
import * as apolloClient from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import legacy from 'subscriptions-transport-ws';

export { HTTP as cloudEvents } from 'cloudevents';
export * as graphql from 'graphql';
export { serverAudits } from 'graphql-http';
export { createClient } from 'graphql-ws';
export * as jose from 'jose';
export { default as pg } from 'pg';
export { Webhook } from 'standardwebhooks';
export { WebSocket } from 'ws';
export const { SubscriptionClient } = legacy;
export * as urql from '@urql/core';
export const apollo = { ...apolloClient, GraphQLWsLink, PersistedQueryLink };
export const { gql } = apolloClient;
