import { z } from 'zod'

// The page's policy forbids eval, and a schema tries it as soon as it is made: this is imported before any of them.
z.config({ jitless: true })
