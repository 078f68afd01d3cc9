import { createSocket } from 'node:dgram'
import { once } from 'node:events'

/** A name server that knows nobody. */
export interface NameServer {
  readonly close: () => Promise<void>
}

// The question goes back as it came, with what makes it an answer, and the code NXDOMAIN (RFC 1035 4.1.1). Its length is that of the
// header, the name up to its empty label, the type and the class; what came behind is left out.
const answerTo = (question: Buffer): Buffer => {
  const answer = Buffer.from(question.subarray(0, question.indexOf(0, 12) + 5))
  answer.writeUInt16BE(0x8183, 2)
  answer.fill(0, 6, 12)
  return answer
}

/** Answers at 127.0.0.1:53 that there is no such name, as a namespace's own /etc/resolv.conf expects. */
export const startNameServer = async (): Promise<NameServer> => {
  const socket = createSocket('udp4')
  socket.on('message', (question, from) => {
    if (question.length > 12) socket.send(answerTo(question), from.port, from.address)
  })
  socket.bind(53, '127.0.0.1')
  await once(socket, 'listening')
  return {
    close: async () => {
      socket.close()
      await once(socket, 'close')
    },
  }
}
