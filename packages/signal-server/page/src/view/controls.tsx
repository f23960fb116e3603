import { canShareScreen } from '../session/devices.js';
import type { Call } from '../state/page-state.js';
import type { Actions } from './actions.js';
import { Icon, type IconName } from './icons.js';

export function Controls({ call, actions }: { call: Call; actions: Actions }) {
  const { mine, phase } = call;
  const canChange = phase === 'connected' || phase === 'lost';
  return (
    <div class="controls">
      <Toggle
        label="Mute"
        icon="microphone"
        isPressed={mine.microphone !== 'on'}
        isOff={mine.microphone !== 'on'}
        isDisabled={phase === 'preparing' || mine.microphone === 'none'}
        onToggle={(isPressed) => actions.setMuted(isPressed)}
      />
      <Toggle
        label="Camera off"
        icon="camera"
        isPressed={!mine.camera}
        isOff={!mine.camera}
        isDisabled={!canChange}
        onToggle={(isPressed) => actions.setCamera(!isPressed)}
      />
      {canShareScreen() && (
        <Toggle
          label="Share screen"
          icon="screen"
          isPressed={mine.screen}
          isDisabled={!canChange}
          onToggle={(isPressed) => actions.setScreen(isPressed)}
        />
      )}
      <button type="button" class="control hang-up" onClick={() => void actions.hangUp()}>
        <span class="face">
          <Icon name="phone" />
        </span>
        Hang up
      </button>
    </div>
  );
}

interface ToggleProps {
  /** Stays the same: whether it is so is said by `aria-pressed`. */
  label: string;
  icon: IconName;
  isPressed: boolean;
  isOff?: boolean;
  isDisabled: boolean;
  onToggle(isPressed: boolean): void;
}

function Toggle({ label, icon, isPressed, isOff = false, isDisabled, onToggle }: ToggleProps) {
  return (
    <button
      type="button"
      class="control"
      aria-pressed={isPressed}
      disabled={isDisabled}
      onClick={() => onToggle(!isPressed)}
    >
      <span class="face">
        <Icon name={icon} isOff={isOff} />
      </span>
      {label}
    </button>
  );
}
