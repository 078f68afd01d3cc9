import request from 'undici/lib/api/api-request.js'
import buildConnector from 'undici/lib/core/connect.js'
import errors from 'undici/lib/core/errors.js'
import Agent from 'undici/lib/dispatcher/agent.js'
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js'

// As undici's own first file does, which loads caches, mocks, WebSockets and a fetch besides: a tenth of a second of each start.
Object.assign(Dispatcher.prototype, { request })

export { Agent, buildConnector, errors }
