import { create } from 'zustand'

/** Whether the palette is open. */
export const usePaletteState = create<{ isOpen: boolean }>(() => ({ isOpen: false }))

export function openPalette(): void {
  usePaletteState.setState({ isOpen: true })
}

export function closePalette(): void {
  usePaletteState.setState({ isOpen: false })
}
