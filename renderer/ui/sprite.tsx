/** Every glyph of the page as an SVG symbol; rendered once, drawn with `<Glyph name>`. */
export function Sprite() {
  return (
    <svg width="0" height="0" aria-hidden="true" style={{ position: 'absolute' }}>
      <symbol id="stopped" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="5.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="M5 8h6" stroke="currentColor" strokeWidth="2" />
      </symbol>
      <symbol id="asleep" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="5.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="M4.6 8h6.8" stroke="currentColor" strokeWidth="2" strokeDasharray="1.6 1" />
      </symbol>
      <symbol id="starting-0" viewBox="0 0 16 16">
        <circle
          cx="8"
          cy="8"
          r="5.6"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          pathLength="50"
          strokeDasharray="7 3"
          strokeDashoffset="-1.5"
          opacity=".32"
          transform="rotate(-90 8 8)"
        />
      </symbol>
      <symbol id="starting-1" viewBox="0 0 16 16">
        <circle
          cx="8"
          cy="8"
          r="5.6"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          pathLength="50"
          strokeDasharray="7 3"
          strokeDashoffset="-1.5"
          opacity=".32"
          transform="rotate(-90 8 8)"
        />
        <circle
          cx="8"
          cy="8"
          r="5.6"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          pathLength="50"
          strokeDasharray="7 3 0 40"
          strokeDashoffset="-1.5"
          transform="rotate(-90 8 8)"
        />
      </symbol>
      <symbol id="starting-2" viewBox="0 0 16 16">
        <circle
          cx="8"
          cy="8"
          r="5.6"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          pathLength="50"
          strokeDasharray="7 3"
          strokeDashoffset="-1.5"
          opacity=".32"
          transform="rotate(-90 8 8)"
        />
        <circle
          cx="8"
          cy="8"
          r="5.6"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          pathLength="50"
          strokeDasharray="7 3 7 3 0 30"
          strokeDashoffset="-1.5"
          transform="rotate(-90 8 8)"
        />
      </symbol>
      <symbol id="starting-3" viewBox="0 0 16 16">
        <circle
          cx="8"
          cy="8"
          r="5.6"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          pathLength="50"
          strokeDasharray="7 3"
          strokeDashoffset="-1.5"
          opacity=".32"
          transform="rotate(-90 8 8)"
        />
        <circle
          cx="8"
          cy="8"
          r="5.6"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          pathLength="50"
          strokeDasharray="7 3 7 3 7 3 0 20"
          strokeDashoffset="-1.5"
          transform="rotate(-90 8 8)"
        />
      </symbol>
      <symbol id="starting-4" viewBox="0 0 16 16">
        <circle
          cx="8"
          cy="8"
          r="5.6"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          pathLength="50"
          strokeDasharray="7 3"
          strokeDashoffset="-1.5"
          opacity=".32"
          transform="rotate(-90 8 8)"
        />
        <circle
          cx="8"
          cy="8"
          r="5.6"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          pathLength="50"
          strokeDasharray="7 3 7 3 7 3 7 3 0 10"
          strokeDashoffset="-1.5"
          transform="rotate(-90 8 8)"
        />
      </symbol>
      <symbol id="starting-5" viewBox="0 0 16 16">
        <circle
          cx="8"
          cy="8"
          r="5.6"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          pathLength="50"
          strokeDasharray="7 3"
          strokeDashoffset="-1.5"
          opacity=".32"
          transform="rotate(-90 8 8)"
        />
        <circle
          cx="8"
          cy="8"
          r="5.6"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          pathLength="50"
          strokeDasharray="7 3 7 3 7 3 7 3 7 3 0 0"
          strokeDashoffset="-1.5"
          transform="rotate(-90 8 8)"
        />
      </symbol>
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
      <symbol id="home" viewBox="0 0 16 16">
        <path
          d="M2.5 13.5v-8L8 2.5l5.5 3v8zM2.5 9.5h11M6 9.5v-3M10 9.5v-3"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          strokeLinecap="square"
        />
      </symbol>
      <symbol id="servers" viewBox="0 0 16 16">
        <path
          d="M1.5 13.5h13M4 12L2.5 4M8 12l2-8M12.5 12l2-8"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          strokeLinecap="square"
        />
        <path
          d="M1.3 4.4l-.5-2.6 2-.4.5 2.6zM8.9 3.9l.7-2.6 1.9.5-.6 2.6zM13.4 3.9l.7-2.6 1.9.5-.6 2.6z"
          fill="currentColor"
          transform="translate(-.4 0)"
        />
      </symbol>
      <symbol id="runner" viewBox="0 0 16 16">
        <path d="M2.5 2.5h11v11h-11z" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="square" />
        <path d="M6.5 5.2v5.6L11 8z" fill="currentColor" />
      </symbol>
      <symbol id="clients" viewBox="0 0 16 16">
        <path
          d="M5.5 1.8v3.4M10.5 1.8v3.4M3 5.2h10v2.3a5 5 0 0 1-10 0zM8 12.5v2"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          strokeLinecap="square"
        />
      </symbol>
      <symbol id="tasks" viewBox="0 0 16 16">
        <path
          d="M2.5 2.5h11v11h-11zM2.5 5.5h11M6 5.5v8M8 8.2h3.5M8 10.9h3.5"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          strokeLinecap="square"
        />
      </symbol>
      <symbol id="logs" viewBox="0 0 16 16">
        <path
          d="M2.5 3.5h8M2.5 6.5h11M2.5 9.5h6M2.5 12.5h9"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          strokeLinecap="square"
        />
      </symbol>
      <symbol id="settings" viewBox="0 0 16 16">
        <path
          d="M2 4.500h6M11.5 4.500H14M2 11.500h2.500M8 11.500h6"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          strokeLinecap="square"
        />
        <circle cx="9.7" cy="4.5" r="1.7" fill="none" stroke="currentColor" strokeWidth="1.4" />
        <circle cx="6.2" cy="11.5" r="1.7" fill="none" stroke="currentColor" strokeWidth="1.4" />
      </symbol>
      <symbol id="search" viewBox="0 0 16 16">
        <path d="M10.4 10.400L13.8 13.8" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="square" />
        <circle cx="7" cy="7" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.4" />
      </symbol>
      <symbol id="chevron" viewBox="0 0 16 16">
        <path d="M6 4l4 4-4 4" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="square" />
      </symbol>
      <symbol id="chevron-down" viewBox="0 0 16 16">
        <path d="M4 6l4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="square" />
      </symbol>
      <symbol id="more" viewBox="0 0 16 16">
        <circle cx="3.5" cy="8" r="1.25" fill="currentColor" />
        <circle cx="8" cy="8" r="1.25" fill="currentColor" />
        <circle cx="12.5" cy="8" r="1.25" fill="currentColor" />
      </symbol>
      <symbol id="plus" viewBox="0 0 16 16">
        <path d="M8 3v10M3 8h10" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="square" />
      </symbol>
      <symbol id="x" viewBox="0 0 16 16">
        <path d="M4 4l8 8M12 4l-8 8" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="square" />
      </symbol>
      <symbol id="pause" viewBox="0 0 16 16">
        <path d="M4.5 3h2.500v10H4.500zM9 3h2.500v10H9z" fill="currentColor" />
      </symbol>
      <symbol id="play" viewBox="0 0 16 16">
        <path d="M4.5 2.800v10.400L13 8z" fill="currentColor" />
      </symbol>
      <symbol id="restart" viewBox="0 0 16 16">
        <path
          d="M12.8 6A5.2 5.2 0 1 0 13.2 8.6"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          strokeLinecap="square"
        />
        <path d="M13.7 2.500v4H9.700z" fill="currentColor" />
      </symbol>
      <symbol id="copy" viewBox="0 0 16 16">
        <path
          d="M5.5 5.500h8v8h-8zM3 10.500h-.500v-8h8V3"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          strokeLinecap="square"
        />
      </symbol>
      <symbol id="key" viewBox="0 0 16 16">
        <path
          d="M7.3 8.700L13.5 2.500M11 5l2 2"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          strokeLinecap="square"
        />
        <circle cx="5.3" cy="10.7" r="2.8" fill="none" stroke="currentColor" strokeWidth="1.4" />
      </symbol>
      <symbol id="open" viewBox="0 0 16 16">
        <path
          d="M6.5 3.500h-4v10h10v-4M9 2.500h4.500V7M13 3L7.5 8.5"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          strokeLinecap="square"
        />
      </symbol>
      <symbol id="folder" viewBox="0 0 16 16">
        <path
          d="M1.5 12.500v-9h4.500l1.5 2h7v7z"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          strokeLinecap="square"
        />
      </symbol>
      <symbol id="down" viewBox="0 0 16 16">
        <path
          d="M8 2.500v10M4 8.500l4 4 4-4"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          strokeLinecap="square"
        />
      </symbol>
      <symbol id="filter" viewBox="0 0 16 16">
        <path d="M2 4h12M4.5 8h7M7 12h2" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="square" />
      </symbol>
      <symbol id="check" viewBox="0 0 16 16">
        <path d="M3.5 8.500l3 3 6-7" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="square" />
      </symbol>
      <symbol id="lock" viewBox="0 0 16 16">
        <path
          d="M3.5 7.500h9v6h-9zM5.5 7.500V5a2.5 2.5 0 0 1 5 0v2.5"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          strokeLinecap="square"
        />
      </symbol>
      <symbol id="metrics" viewBox="0 0 16 16">
        <path
          d="M2.500 2v11.500H14M5 10.500l2.500-4 2.500 2.500 3.500-5"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          strokeLinecap="square"
        />
      </symbol>
      <symbol id="doctor" viewBox="0 0 16 16">
        <path
          d="M1.500 8.500h3l2-5 3 9 2-4h3"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          strokeLinecap="square"
        />
      </symbol>
      <symbol id="branch" viewBox="0 0 16 16">
        <path d="M4 2v9.500h4" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="square" />
      </symbol>
      <symbol id="rules" viewBox="0 0 16 16">
        <path
          d="M4.500 14V2M4.500 11.500C4.500 7.500 11.500 8.500 11.500 3"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          strokeLinecap="square"
        />
        <path d="M9 4.500L11.500 2L14 4.500" fill="none" stroke="currentColor" strokeWidth="1.4" />
      </symbol>
    </svg>
  )
}
