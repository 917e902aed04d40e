/** How servers and tasks stand and how much a log line matters: shapes that tell apart without a colour. */
export function SignSymbols() {
  return (
    <>
      <symbol id="stopped" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="5.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="M5 8h6" stroke="currentColor" strokeWidth="2" />
      </symbol>
      <symbol id="asleep" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="5.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="M4.6 8h6.8" stroke="currentColor" strokeWidth="2" strokeDasharray="1.6 1" />
      </symbol>
      {[0, 1, 2, 3, 4, 5].map((steps) => (
        <StartingSymbol key={steps} steps={steps} />
      ))}
      <symbol id="ready" viewBox="0 0 16 16">
        <path
          fill="currentColor"
          fillRule="evenodd"
          d="M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13ZM11.5 5.9L10.1 4.5L4.5 10.1L5.9 11.5Z"
        />
      </symbol>
      <symbol id="degraded" viewBox="0 0 16 16">
        <path fill="currentColor" fillRule="evenodd" d="M1 4H15V12H1L4.6 8ZM6.1 4L9.7 8L6.1 12H8.3L11.9 8L8.3 4Z" />
      </symbol>
      <symbol id="unresponsive" viewBox="0 0 16 16">
        <path
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeLinejoin="round"
          d="M1.9 4.6H14.2V11.4H1.9L5 8ZM7 4.8L10.2 8L7 11.2"
        />
      </symbol>
      <symbol id="backing-off" viewBox="0 0 16 16">
        <path d="M13.2 5.1A5.9 5.9 0 1 1 8 2.1" fill="none" stroke="currentColor" strokeWidth="1.6" />
        <path d="M8 5v3.4l2.4 1.5" fill="none" stroke="currentColor" strokeWidth="1.6" />
        <path d="M10.4 2.2h3.4v3.4z" fill="currentColor" />
      </symbol>
      <symbol id="crash-looping" viewBox="0 0 16 16">
        <path
          d="M2.6 7A5.5 5.5 0 0 1 12.4 4.7M13.4 9A5.5 5.5 0 0 1 3.6 11.3"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.7"
        />
        <path d="M13.8 1.9v4.3H9.5zM2.2 14.1V9.8h4.3z" fill="currentColor" />
        <path d="M6.6 6.6l2.8 2.8M9.4 6.6L6.6 9.4" stroke="currentColor" strokeWidth="1.5" />
      </symbol>
      <symbol id="failed" viewBox="0 0 16 16">
        <mask id="failed-cross">
          <rect width="16" height="16" fill="#fff" />
          <path d="M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6" stroke="#000" strokeWidth="2" />
        </mask>
        <rect x="2" y="2" width="12" height="12" rx="1.5" fill="currentColor" mask="url(#failed-cross)" />
      </symbol>
      <symbol id="attention" viewBox="0 0 16 16">
        <path fill="currentColor" fillRule="evenodd" d="M8 .6L15.4 8L8 15.4L.6 8ZM7 4.2V9H9V4.2ZM7 10.2V12.2H9V10.2Z" />
      </symbol>
      <symbol id="stopping" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="5.75" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="3 2" />
        <path d="M5 8h6" stroke="currentColor" strokeWidth="2" />
      </symbol>
      <symbol id="queued" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="1.6 1.86" />
      </symbol>
      <symbol id="running" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" strokeWidth="1.5" opacity=".35" />
        <path d="M8 2.5A5.5 5.5 0 0 1 13.5 8" fill="none" stroke="currentColor" strokeWidth="2" />
        <circle cx="8" cy="8" r="1.8" fill="currentColor" />
      </symbol>
      <symbol id="completed" viewBox="0 0 16 16">
        <path d="M3 8.6l3.3 3.2L13 4.6" fill="none" stroke="currentColor" strokeWidth="1.9" />
      </symbol>
      <symbol id="cancelled" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="M4.2 11.8l7.6-7.6" stroke="currentColor" strokeWidth="1.5" />
      </symbol>
      <symbol id="timed-out" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="5.75" fill="none" stroke="currentColor" strokeWidth="1.6" />
        <path d="M8 4.6V8.3l2.5 1.5" fill="none" stroke="currentColor" strokeWidth="1.6" />
      </symbol>
      <symbol id="interrupted" viewBox="0 0 16 16">
        <path
          d="M1.5 8h4.3M10.2 8h4.3M6.4 11.6L7.8 4.4M8.3 11.6L9.7 4.4"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.6"
        />
      </symbol>
      <symbol id="level-trace" viewBox="0 0 16 16">
        <path d="M7 8h2" stroke="currentColor" strokeWidth="2" />
      </symbol>
      <symbol id="level-debug" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="2.4" fill="none" stroke="currentColor" strokeWidth="1.4" />
      </symbol>
      <symbol id="level-info" viewBox="0 0 16 16">
        <path d="M4.5 8h7" stroke="currentColor" strokeWidth="1.8" />
      </symbol>
      <symbol id="level-warn" viewBox="0 0 16 16">
        <path
          fill="currentColor"
          fillRule="evenodd"
          d="M8 2.4L14.4 13.4H1.6ZM7.2 6.2V10H8.8V6.2ZM7.2 10.9V12.2H8.8V10.9Z"
        />
      </symbol>
      <symbol id="level-error" viewBox="0 0 16 16">
        <mask id="error-cross">
          <rect width="16" height="16" fill="#fff" />
          <path d="M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6" stroke="#000" strokeWidth="2" />
        </mask>
        <rect x="2" y="2" width="12" height="12" rx="1.5" fill="currentColor" mask="url(#error-cross)" />
      </symbol>
      <symbol id="level-fatal" viewBox="0 0 16 16">
        <path
          fill="currentColor"
          fillRule="evenodd"
          d="M5.2 1.5h5.6L14.5 5.2v5.6L10.8 14.5H5.2L1.5 10.8V5.2ZM7 4.2V9H9V4.2ZM7 10.2V12.2H9V10.2Z"
        />
      </symbol>
    </>
  )
}

/** A ring of five parts, one of them full for each step of a start that is done. */
function StartingSymbol({ steps }: { steps: number }) {
  const ring = {
    cx: 8,
    cy: 8,
    r: 5.6,
    fill: 'none',
    stroke: 'currentColor',
    strokeWidth: 2,
    pathLength: 50,
    strokeDashoffset: -1.5,
    transform: 'rotate(-90 8 8)',
  }
  return (
    <symbol id={`starting-${steps}`} viewBox="0 0 16 16">
      <circle {...ring} strokeDasharray="7 3" opacity=".32" />
      {steps > 0 && <circle {...ring} strokeDasharray={`${'7 3 '.repeat(steps)}0 ${50 - 10 * steps}`} />}
    </symbol>
  )
}
