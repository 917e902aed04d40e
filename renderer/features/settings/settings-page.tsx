import { Page } from '../../shell/page.tsx'
import { AboutSection } from './about-section.tsx'
import { AppearanceSection } from './appearance-section.tsx'
import { BackupSection } from './backup-section.tsx'
import { OutboundSection } from './outbound-section.tsx'
import { RetentionSection } from './retention-section.tsx'
import { SearchPathSection } from './search-path-section.tsx'
import { SecretsSection } from './secrets-section.tsx'
import styles from './settings-page.module.css'
import { StoreSection } from './store-section.tsx'
import { useHeld } from './use-held.ts'

/** The settings of the whole program, and what a person does with all that it keeps. */
export function SettingsPage() {
  const held = useHeld()
  return (
    <Page title="Settings">
      <div className={styles.scroll}>
        <div className={styles.column}>
          <AppearanceSection />
          <StoreSection />
          <RetentionSection held={held} />
          <BackupSection />
          <SecretsSection />
          <OutboundSection />
          <SearchPathSection />
          <AboutSection />
        </div>
      </div>
    </Page>
  )
}
