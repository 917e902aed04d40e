/** Pages, things and what can be done. */
export function ActionSymbols() {
  return (
    <>
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
    </>
  )
}
