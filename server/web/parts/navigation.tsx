// The rooms that exist, one level. At the left, folded to icons, or a bar at the bottom: the stylesheet decides by width.
import { IconTopologyStar3, type TablerIcon } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import styles from "./navigation.module.css";

const rooms: readonly { to: "/models"; name: string; Icon: TablerIcon }[] = [
  { to: "/models", name: "Models", Icon: IconTopologyStar3 },
];

export function Navigation() {
  return (
    <nav className={styles.bar} aria-label="Main">
      <Link className={styles.brand} to="/models" aria-label="Cellwright">
        <Mark />
        <span className={styles.word}>Cellwright</span>
      </Link>
      <ul className={styles.rooms}>
        {rooms.map(({ to, name, Icon }) => (
          <li key={to}>
            <Link className={styles.room} to={to} title={name} activeProps={{ "data-active": true }}>
              <Icon size={20} stroke={1.6} aria-hidden />
              <span className={styles.name}>{name}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Mark() {
  return (
    <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true">
      <rect className={styles.mark} width="32" height="32" rx="7" />
      <rect className={styles.cell} x="6" y="7" width="20" height="8" rx="2" opacity=".4" />
      <rect className={styles.cell} x="6" y="18" width="20" height="8" rx="2" />
    </svg>
  );
}
